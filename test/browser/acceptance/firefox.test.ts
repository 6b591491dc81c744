import { describe } from 'vitest';
import { acceptance } from './acceptance.ts';

describe('firefox', () => acceptance('firefox'));
