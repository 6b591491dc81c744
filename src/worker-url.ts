/** Where the shared worker's script is, for bundlers: they see the `new URL` and make the script a file of the build. */
const url: string = new URL('./shared-worker.js', import.meta.url).href;
export default url;
