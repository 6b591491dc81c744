import { dialectContract } from './dialect-contract.ts';
import { restDialect } from './rest-dialect.ts';

dialectContract(restDialect());
dialectContract(restDialect({ events: '/events' }));
