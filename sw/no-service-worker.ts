/**
 * The door of the service worker that ends service workers: served at the address of one that has to go, it takes its
 * place, deletes its shells, unregisters itself and reloads its pages.
 */
import { retire } from '../src/shell/retire.ts';

declare const self: ServiceWorkerGlobalScope;

retire(self);
