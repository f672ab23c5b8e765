/** Real uWSGI instances: one that serves, one whose workers die; and their application, which gunicorn runs too. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const APPLICATION = `import os, time, signal

def application(env, start_response):
    target = env.get('REQUEST_URI') or env.get('RAW_URI', '/')
    if '/kill' in target:
        env['wsgi.input'].read()
        os.kill(os.getpid(), signal.SIGKILL)
    if '/hang' in target:
        env['wsgi.input'].read()
        time.sleep(30)
    body = b'w' * 40000 if '/large' in target else b'{"ok": true}'
    start_response('200 OK', [('Content-Type', 'application/json'), ('Content-Length', str(len(body)))])
    return [body]
`;

/** Writes the application `app:application`; returns its file. */
export function writeWsgi(dir: string): string {
  const file = join(dir, 'app.py');
  writeFileSync(file, APPLICATION);
  return file;
}

/** Writes the application; returns uwsgi's arguments. */
export function uwsgiArguments(dir: string, port: number, processes: number): readonly string[] {
  const file = writeWsgi(dir);
  // biome-ignore format: pairs of option and value
  return [
    '--plugin', 'python3', '--master', '--processes', String(processes), '--uwsgi-socket', `127.0.0.1:${port}`,
    '--listen', '1024', '--harakiri', '1', '--wsgi-file', file, '--die-on-term', '--disable-logging', '--need-app',
  ];
}
