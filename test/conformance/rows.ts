/**
 * What users of five other systems, of their neighbours and of Backbone itself find again here: a line for each behaviour,
 * under the id that the tests cite. The words only say which it is; what is promised stands in the tests.
 */
export interface System {
  readonly name: string;
  /** Every row has a test. A system becomes whole when its last row gets one, and stays it. */
  readonly whole: boolean;
  readonly rows: Readonly<Record<string, string>>;
}

const events: System = {
  name: 'Socket.IO with namespaced events',
  whole: true,
  rows: {
    'AL-01': 'one script tag and a global; Backbone is handed in',
    'AL-02': 'Backbone.ajaxSync is the stock sync',
    'AL-03': 'a class opts out with sync: Backbone.ajaxSync',
    'AL-04': 'Backbone.sync is replaced; options are copied, or undefined',
    'AL-05': 'the url of the call before that of the model, text or function',
    'AL-06': "without a url Backbone's own error, thrown at once",
    'AL-07': 'a url becomes a namespace: api:posts:21:',
    'AL-08': 'the event is the namespace and the method',
    'AL-09': 'what is sent: data, attrs, toJSON(options) or {}',
    'AL-10': 'a patch without an id gets that of the model',
    'AL-11': 'another bridge by call or by model',
    'AL-12': 'an answer is an event of the same name, late and in any order',
    'AL-13': 'an answer without success: true is a failure',
    'AL-14': 'success and resolved, or error and rejected',
    'AL-15': 'what is emitted: the name and the attributes',
    'AL-16': "'request' on the model",
    'AL-17': 'a promise for .done and $.when',
    'AL-18': 'namespace(url) is public',
    'AL-19': 'one listener hears every event with its name',
    'AL-20': 'Marionette',
  },
};

const signature: System = {
  name: 'Socket.IO with signatures',
  whole: true,
  rows: {
    'JS-01': 'sync over a socket',
    'JS-02': 'a request has a signature with its end point',
    'JS-03': 'ctx keeps two models of one end point apart',
    'JS-04': 'create, read, update and delete with signature and item',
    'JS-05': 'the answer is an event operation:endPoint[:ctx]',
    'JS-06': 'create sets the id that the answer has',
    'JS-07': 'read hands its answer to success',
    'JS-08': 'update and delete come to success',
    'JS-09': 'errors and timeouts come to error',
    'JS-10': 'a server that answers the four events',
    'JS-11': 'models know no transport; back to XHR without a change',
  },
};

const websocket: System = {
  name: 'Native WebSocket',
  whole: true,
  rows: {
    'WS-01': 'an unusable url is a clear error',
    'WS-02': 'opens when it is made',
    'WS-03': 'the first requests need not wait for the line to be open',
    'WS-04': 'AMD, CommonJS and a global',
    'WS-05': 'routes: type or * to the name of an event',
    'WS-06': 'resources from the start',
    'WS-07': 'the name of the send method of a resource',
    'WS-08': 'a subprotocol',
    'WS-09': 'a prefix for events, or none',
    'WS-10': 'stays open without resources',
    'WS-11': 'sync for bound resources only',
    'WS-12': '{xhr: true} is the stock sync',
    'WS-13': 'opens again by itself, or does not',
    'WS-14': 'the time between two attempts',
    'WS-15': 'the number of attempts, counted anew once open',
    'WS-16': 'debug: all that goes in and out',
    'WS-17': 'the attribute of the type, or none',
    'WS-18': 'the attribute of the content, or none',
    'WS-19': 'what is expected by default',
    'WS-20': 'for how long it is expected by default',
    'WS-21': 'open()',
    'WS-22': 'ready: resolved once open, rejected at a first failure',
    'WS-23': 'bind(resource): default events',
    'WS-24': 'bind(resource, events): functions, names or true',
    'WS-25': 'a destroyed model is released',
    'WS-26': 'unbind(resource); an unknown one is ignored',
    'WS-27': 'send() waits for the line',
    'WS-28': 'destroy(): never opens again, hears nothing more',
    'WS-29': 'expect(expectation, seconds): a promise and kill()',
    'WS-30': 'expectations: function, text, object or anything; nothing stays behind',
    'WS-31': 'isOpen',
    'WS-32': 'what sync sends has its method',
    'WS-33': 'beforeSend is called',
    'WS-34': "'request' is triggered",
    'WS-35': 'success and error are called',
    'WS-36': 'event open',
    'WS-37': 'event message:<type>',
    'WS-38': 'event message',
    'WS-39': 'event error (event, isOpen)',
    'WS-40': 'event close',
    'WS-41': 'event noretries',
    'WS-42': 'events with their prefix on a resource',
    'WS-43': 'the instance has Backbone.Events',
    'WS-44': 'one socket for many resources',
  },
};

const backends: System = {
  name: 'Backends over Socket.IO',
  whole: true,
  rows: {
    'IO-01': 'connect once',
    'IO-02': 'backend: a name, or a name and a channel',
    'IO-03': "the model's backend, its collection's, or the stock sync",
    'IO-04': 'one connection, many backends',
    'IO-05': 'requests before the connection wait',
    'IO-06': 'options of a call reach the server',
    'IO-07': 'error or success, and a promise',
    'IO-08': 'backend:create, backend:update, backend:delete and backend',
    'IO-09': 'backend:read',
    'IO-10': 'the prefix of these events',
    'IO-11': 'bindBackend(): add, set and remove, by idAttribute',
    'IO-12': 'the script is served by the server',
    'IO-13': 'followed again after a reconnect',
    'IO-14': 'a backend is made',
    'IO-15': 'listen(server, backends by name)',
    'IO-16': 'an io that is there is taken',
    'IO-17': 'use(fn), use(methods, fn), create(fn) and the like, in a chain',
    'IO-18': 'custom methods',
    'IO-19': 'the order of use, next(err), error middleware, a throw',
    'IO-20': 'what nobody answers comes back as it was',
    'IO-21': 'only the first answer counts',
    'IO-22': 'what a request has',
    'IO-23': 'what the client sees of an error',
    'IO-24': 'a write is told to the others, never to its author',
    'IO-25': 'server code publishes',
    'IO-26': 'a channel is heard by its clients only',
    'IO-27': 'stores, cookies, sessions',
    'IO-28': 'listeners go with the connection',
    'IO-29': 'some actions only; silent and notify',
  },
};

const shared: System = {
  name: 'Models shared with the server',
  whole: true,
  rows: {
    'HJ-01': 'the same model files in Node and in the page',
    'HJ-02': 'all state under one root',
    'HJ-03': 'export of the tree',
    'HJ-04': 'import of the tree',
    'HJ-05': 'what is exported is JSON',
    'HJ-06': 'the first state comes with the connection, or with the page',
    'HJ-07': 'a change finds its model by id',
    'HJ-08': 'a change of a model on the server publishes that one',
    'HJ-09': 'ids of the server; the registry goes with change:id',
    'HJ-10': 'add and remove of collections likewise',
    'HJ-11': 'both sides set and publish, without a loop',
    'HJ-12': 'the server is the authority',
    'HJ-13': 'one or the other by call',
    'HJ-14': 'changes from elsewhere reach the clients',
    'HJ-15': "scopes: everyone, one user's devices, a team",
    'HJ-16': 'persistence and scaling',
  },
};

const neighbours: System = {
  name: 'Neighbours',
  whole: true,
  rows: {
    'NB-01': 'ioBind: listening on one model, before it has an id and until its destroy',
    'NB-02': 'dualStorage: dirty list, temporary ids, local or remote by call, discard, offline',
    'NB-03': 'localStorage and its like: the stock sync by call, idAttribute, abort, a feed of changes',
    'NB-04': 'ipywidgets: one write under way for a record, later ones merged, no older echo',
    'NB-05': 'wp-api: beforeSend, complete, success with the request, headers of the answer',
  },
};

const backbone: System = {
  name: 'Backbone itself',
  whole: true,
  rows: {
    'BK-01': "Backbone's own suites of 1.1.2 to 1.6.1 pass over our sync",
    'BK-02': 'options.xhr is set before parse runs',
    'BK-03': 'the error of a missing url is thrown at once',
    'BK-04': 'options may be undefined',
    'BK-05': 'options.context is honoured',
    'BK-06': "beforeSend may be the caller's",
    'BK-07': 'toJSON and attrs are read during the call',
    'BK-08': 'two saves of a new model make one record',
    'BK-09': 'the destroy of a model without an id withdraws its create',
    'BK-10': 'Backbone 1.1.2 to 1.6.1, Underscore or Lodash, no jQuery, 3 or 4',
  },
};

export const systems: readonly System[] = [
  events,
  signature,
  websocket,
  backends,
  shared,
  neighbours,
  backbone,
];
