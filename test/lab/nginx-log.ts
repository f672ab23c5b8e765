/** Reads nginx's log (errors and JSON access lines in one file) into requests, each with its own error lines. */
import type { LogField } from './programs/nginx.ts';

export interface ErrorLine {
  /** Up to ` while ...` included, without the `, client: ...` tail. */
  readonly message: string;
  /** As logged: `http://ADDR:PORT/uri`, `fastcgi://unix:/path:`, or empty. */
  readonly upstream: string;
  readonly subrequest: string;
}

export interface LoggedRequest {
  readonly access: Readonly<Record<LogField, string>>;
  readonly errors: readonly ErrorLine[];
}

const ERROR_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w+\] (\d+)#\d+: \*(\d+) (.*)$/;

/**
 * A worker writes a request's error lines before its access line, and a connection has one request at a time: so the
 * lines of a connection since its last access line belong to the next one.
 */
export function readLog(text: string): readonly LoggedRequest[] {
  const requests: LoggedRequest[] = [];
  const pending = new Map<string, ErrorLine[]>();
  for (const line of text.split('\n')) {
    if (line.startsWith('{')) {
      const access: LoggedRequest['access'] = JSON.parse(line);
      const key = `${access.pid}*${access.connection}`;
      requests.push({ access, errors: pending.get(key) ?? [] });
      pending.delete(key);
      continue;
    }
    const parts = ERROR_LINE.exec(line);
    if (parts === null) continue;
    const key = `${parts[1]}*${parts[2]}`;
    const lines = pending.get(key) ?? [];
    lines.push(parseErrorLine(parts[3] ?? ''));
    pending.set(key, lines);
  }
  return requests;
}

export function parseErrorLine(rest: string): ErrorLine {
  const tail = rest.search(/, client: [\da-f.:]+, server: /);
  const message = tail < 0 ? rest : rest.slice(0, tail);
  const fields = tail < 0 ? '' : rest.slice(tail);
  return {
    message,
    upstream: /, upstream: "([^"]*)"/.exec(fields)?.[1] ?? '',
    subrequest: /, subrequest: "([^"]*)"/.exec(fields)?.[1] ?? '',
  };
}

/** nginx's lists: `, ` stands between attempts, ` : ` where an internal redirect began another list. */
export function splitList(value: string): readonly string[] {
  if (value === '' || value === '-') return [];
  return value.split(/, | : /);
}
