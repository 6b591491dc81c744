import { expect, it } from 'vitest';
import { settle } from '../support/virtual-clock.ts';
import { openPage } from './support/page.ts';

it('[TB1] hands a create over with an id of its own, and answers 201 when the server has applied it', async () => {
  const { backbone, hub } = await openPage();
  const Task = backbone.Model.extend({ urlRoot: '/tasks' });
  const task = new Task({ title: 'One' });
  const request = task.save() as unknown as Promise<unknown> & { status: number };
  await settle();
  const [mutation] = hub.mutations;
  expect(mutation).toMatchObject({
    topic: '/tasks',
    method: 'create',
    set: { title: 'One' },
    unset: [],
    base: null,
  });
  expect(mutation?.record).toBe(task.id);
  expect(String(task.id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  if (mutation) hub.applied(mutation, 1, { set: { made: 'by server' } });
  expect(await request).toEqual({ id: task.id, title: 'One', made: 'by server' });
  expect(request.status).toBe(201);
  expect(task.get('made')).toBe('by server');
});
