import type Backbone from 'backbone';
import { testMedulla } from '../../../src/testing.ts';
import { load, loadBackbone } from './load.ts';

interface View {
  readonly el: HTMLElement;
  render(): View;
  destroy(): void;
}
type Class<T> = new (options?: object) => T;
interface Marionette {
  readonly View: { extend(properties: object): Class<View> };
  readonly CollectionView: { extend(properties: object): Class<View> };
}

/** What is seen of a Marionette CollectionView, before and after what another tab did. */
export async function childViews(scripts: Readonly<Record<string, string>>) {
  const { backbone = '', underscore = '', jquery = '', radio = '', marionette = '' } = scripts;
  const _ = load(underscore);
  const $ = load(jquery);
  const Copy = loadBackbone(backbone, _, $);
  const others = { backbone: Copy, underscore: _, jquery: $ };
  const Mn = load(marionette, { ...others, 'backbone.radio': load(radio, others) }) as Marionette;

  const { server, tab, settle, medulla, close } = testMedulla(Copy, {
    resources: { '/tasks': { public: true } },
    records: {
      '/tasks': [
        { id: 1, title: 'one', rank: 1 },
        { id: 2, title: 'two', rank: 2 },
      ],
    },
  });
  const tasks: Backbone.Collection = new (Copy.Collection.extend({ url: '/tasks', comparator: 'rank' }))();
  const counts = { rendered: 0, destroyed: 0 };
  const Child = Mn.View.extend({
    tagName: 'li',
    template: ({ title }: { title: string }) => title,
    modelEvents: { 'change:title': 'render' },
    onRender: () => counts.rendered++,
    onDestroy: () => counts.destroyed++,
  });
  const list = new (Mn.CollectionView.extend({ tagName: 'ul', childView: Child }))({ collection: tasks });
  document.body.append(list.render().el);
  medulla.follow(tasks, { until: list });
  await settle();

  const nodes = () => [...list.el.children];
  const [one, two] = nodes();
  const look = () => [nodes().map((node) => node.textContent), nodes().indexOf(one as Element)];
  const seen: unknown[] = [look()];
  const other = loadBackbone(backbone, _, $);
  tab(other);
  const theirs: Backbone.Collection = new (other.Collection.extend({ url: '/tasks', follow: true }))();
  theirs.fetch();
  await settle();
  const acts = [
    () => theirs.create({ id: 3, title: 'three', rank: 3 }),
    () => theirs.get(2).save({ title: 'zwei' }),
    () => theirs.get(1).save({ rank: 9 }),
    () => theirs.get(3).destroy(),
  ];
  for (const act of acts) {
    act();
    await settle();
    seen.push(look());
  }
  const kept = nodes().includes(one as Element) && nodes().includes(two as Element);
  const before = { ...counts };
  list.destroy();
  await server.publish('/tasks', [{ record: 4, set: { title: 'late', rank: 4 } }]);
  await settle();
  const late = tasks.length;
  await close();
  return { seen, kept, before, late };
}
