// As worker-url, for applications that choose a dialect: the worker with all dialects in it. The other one loads them by
// a name that a bundler's build does not know.
// Published as it stands, so it may hold nothing that is not JavaScript.
const url = new URL('./dialect-worker.js', import.meta.url).href;
export default url;
