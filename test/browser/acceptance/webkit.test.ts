import { describe } from 'vitest';
import { acceptance } from './acceptance.ts';

describe('webkit', () => acceptance('webkit'));
