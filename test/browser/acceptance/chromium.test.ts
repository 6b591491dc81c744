import { describe } from 'vitest';
import { acceptance } from './acceptance.ts';

describe('chromium', () => acceptance('chromium'));
