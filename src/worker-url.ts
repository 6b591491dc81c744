// Where the shared worker's script is, for bundlers: they see the `new URL` and make the script a file of their build.
// Published as it stands, so it may hold nothing that is not JavaScript.
const url = new URL('./shared-worker.js', import.meta.url).href;
export default url;
