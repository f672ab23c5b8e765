/** A ConnSink that writes what it hears as lines, and what a stream brought as text; gaps are dots. */
import type { Connection, ConnSink, Direction, Forgotten, GapWhy } from '../../src/model/connection.ts';
import type { Octets } from '../../src/model/octets.ts';
import type { Moment, Nanos } from '../../src/model/time.ts';

export class EventLog implements ConnSink {
  readonly lines: string[] = [];
  readonly connections: Connection[] = [];
  readonly moments: Moment[] = [];
  /** Per connection and direction. */
  readonly streams = new Map<string, string>();

  opened(connection: Connection, moment: Moment): void {
    this.connections[connection.id] = connection;
    this.say(connection, moment, `opened ${connection.active.text} -> ${connection.passive.text}`);
  }

  established(connection: Connection, moment: Moment): void {
    this.say(connection, moment, 'established');
  }

  chunk(connection: Connection, direction: Direction, octets: Octets, moment: Moment): void {
    const text = new TextDecoder('latin1').decode(octets.bytes.subarray(octets.start, octets.end));
    this.bring(connection, direction, text);
    this.say(connection, moment, `${direction} "${text}"`);
  }

  gap(connection: Connection, direction: Direction, length: number, why: GapWhy, moment: Moment): void {
    this.bring(connection, direction, '.'.repeat(Math.min(length, 100_000)));
    this.say(connection, moment, `${direction} gap ${length} ${why}`);
  }

  finished(connection: Connection, direction: Direction, moment: Moment): void {
    this.say(connection, moment, `${direction} finished`);
  }

  reset(connection: Connection, direction: Direction, moment: Moment): void {
    this.say(connection, moment, `${direction} reset`);
  }

  refused(connection: Connection, moment: Moment): void {
    this.say(connection, moment, `refused ${connection.refusal?.how}`);
  }

  forgotten(connection: Connection, why: Forgotten, _at: Nanos): void {
    this.lines.push(`${connection.id} forgotten ${why}`);
  }

  stream(id: number, direction: Direction): string {
    return this.streams.get(`${id} ${direction}`) ?? '';
  }

  /** Lines since the last call. */
  take(): string[] {
    return this.lines.splice(0);
  }

  private bring(connection: Connection, direction: Direction, text: string): void {
    const key = `${connection.id} ${direction}`;
    this.streams.set(key, (this.streams.get(key) ?? '') + text);
  }

  private say(connection: Connection, moment: Moment, what: string): void {
    this.moments.push(moment);
    this.lines.push(`${connection.id} ${what}`);
  }
}
