/** In jQuery's place in the bundle: Backbone finds nothing to use. */
export const ajax = undefined;
