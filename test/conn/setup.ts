/** A tracker with a line before it and a log behind it. */
import { CONN_LIMITS, type ConnLimits } from '../../src/conn/limits.ts';
import { ConnectionTracker } from '../../src/conn/tracker.ts';
import type { Connection } from '../../src/model/connection.ts';
import { type Conversation, type ConversationOptions, Line } from '../kit/segments.ts';
import { EventLog } from './event-log.ts';

export interface Scene extends Conversation {
  readonly log: EventLog;
  readonly tracker: ConnectionTracker;
  readonly line: Line;
  /** The connection with this id. */
  connection(id?: number): Connection;
}

export function scene(options: ConversationOptions = {}, limits: Partial<ConnLimits> = {}): Scene {
  const log = new EventLog();
  const tracker = new ConnectionTracker(log, { ...CONN_LIMITS, ...limits });
  const line = new Line(tracker);
  return {
    log,
    tracker,
    line,
    ...line.conversation(options),
    connection: (id = 1) => log.connections[id] as Connection,
  };
}

/** A scene whose handshake is over and out of the log. */
export function established(options: ConversationOptions = {}, limits: Partial<ConnLimits> = {}): Scene {
  const set = scene(options, limits);
  set.handshake();
  set.log.take();
  return set;
}
