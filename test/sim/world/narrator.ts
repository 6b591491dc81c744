import type { Sent } from '../../../src/protocol/server-up.ts';
import type { Observer } from './observer.ts';
import type { Story } from './story.ts';

/** Tells the story of what goes on between hubs, disks and the server. */
export function narrator(story: Story): Observer {
  return {
    opened(hub, { generation, outbox, topics }) {
      const at = topics.map(({ topic, cursor }) => `${topic}@${cursor.offset}`);
      story.tell(hub.name, `opens the disk, generation ${generation}, ${outbox.length} writes, ${at}`);
    },
    committed(hub, ops) {
      const text = ops.map((op) => {
        if (op.type === 'putMutation')
          return `${op.row.mutation.id}${op.row.receipt ? ` ${op.row.receipt.type}` : ''}`;
        if (op.type === 'deleteMutation') return `-#${op.order}`;
        if (op.type === 'putTopic') return `${op.row.topic}@${op.row.cursor.offset}`;
        return op.type === 'putRecord' ? `${op.row.key}@${op.row.version}` : op.type;
      });
      story.tell(hub.name, `has on disk: ${text.join(', ')}`);
    },
    deposed: (hub) => story.tell(hub.name, 'is told that it is deposed'),
    requested(hub, name, request) {
      const what =
        name === 'push'
          ? (request as { mutations: readonly Sent[] }).mutations
              .map(({ mutation, also }) => [mutation.id, ...also].join('+'))
              .join(', ')
          : JSON.stringify(request);
      story.tell('server', `hears ${name} of ${hub.name}: ${what}`);
    },
    answered(hub, name, _request, answer) {
      story.tell(hub.name, `hears the answer to ${name}: ${JSON.stringify(answer).slice(0, 400)}`);
    },
    stored(writes, outcomes) {
      for (const [i, outcome] of outcomes.entries()) {
        const write = writes[i];
        const what = write
          ? `${write.method} ${write.topic} ${write.record} ${JSON.stringify(write.set)}`
          : '';
        const word =
          outcome.type === 'receipts'
            ? outcome.receipts.map(({ type }) => type).join('+') +
              (outcome.changed ? ` @${outcome.changed.cursor.offset}` : '')
            : outcome.type;
        story.tell('store', `${write?.ids.join('+') || 'published'}: ${word} (${what})`);
      }
    },
  };
}
