/**
 * Request parameters (RFC 3875 4.1 meta-variables) as FastCGI, uwsgi and SCGI carry them: collected within limits, and
 * read as a request. The names are those of nginx's stock `fastcgi_params`, `uwsgi_params` and `scgi_params`.
 */
import type { DownstreamIdentity, Field } from '../model/message.ts';
import type { RequestWords } from './cgi-messages.ts';

/** Longest name kept: HTTP_ and a header name; nginx's own hash takes 2 KiB at most, real names stay below 64. */
export const NAME_LIMIT = 256;
/** Longest value kept, twice the line nginx takes from a client by default (large_client_header_buffers 4 8k). */
export const VALUE_LIMIT = 16 * 1024;
/** Parameters kept of one request: nginx sends some 20 and one per header field, of which it limits the octets only. */
export const FIELD_LIMIT = 512;
/** Octets of names and values kept of one request: all four of nginx's large header buffers, and its own parameters. */
export const FIELDS_OCTETS_LIMIT = 64 * 1024;
/**
 * Octets turned into text at a time. A value that is kept holds the whole text it was cut from, so this bounds what
 * `FIELD_LIMIT` values can hold; most requests are one piece.
 */
export const TEXT_PIECE = 2048;

const MAX_PORT = 0xffff;

/** What parameters say of a request. */
export interface ParamsWords extends RequestWords {
  /** Octets of body announced, 0 by an empty value; `undefined` where CONTENT_LENGTH is absent or no number. */
  readonly announced: number | undefined;
}

/** The parameters of one request in order. What does not fit is counted in `dropped`. */
export class CgiParams {
  readonly fields: Field[] = [];
  dropped = 0;
  #octets = 0;

  add(name: string, value: string): void {
    const octets = name.length + value.length;
    if (this.fields.length >= FIELD_LIMIT || this.#octets + octets > FIELDS_OCTETS_LIMIT) {
      this.dropped++;
      return;
    }
    this.#octets += octets;
    this.fields.push({ name, value });
  }

  /** The last of that name, as applications see it; empty where there is none. */
  get(name: string): string {
    return this.#find(name) ?? '';
  }

  words(): ParamsWords {
    return {
      method: this.get('REQUEST_METHOD'),
      target: this.#target(),
      version: this.get('SERVER_PROTOCOL'),
      host: this.get('HTTP_HOST') || this.get('SERVER_NAME'),
      fields: this.fields,
      downstream: this.#downstream(),
      announced: this.#announced(),
    };
  }

  #announced(): number | undefined {
    const text = this.#find('CONTENT_LENGTH');
    return text === undefined ? undefined : wholeNumber(text || '0');
  }

  #find(name: string): string | undefined {
    for (let at = this.fields.length - 1; at >= 0; at--) {
      const field = this.fields[at];
      if (field?.name === name) return field.value;
    }
    return undefined;
  }

  /** DOCUMENT_URI is nginx's $uri, which holds the PATH_INFO already; SCRIPT_NAME does not (RFC 3875 4.1.13). */
  #target(): string {
    const uri = this.get('REQUEST_URI');
    if (uri) return uri;
    const path = this.get('DOCUMENT_URI') || this.get('SCRIPT_NAME') + this.get('PATH_INFO');
    const query = this.get('QUERY_STRING');
    return path && query ? `${path}?${query}` : path;
  }

  #downstream(): DownstreamIdentity | undefined {
    const clientAddress = this.get('REMOTE_ADDR');
    const clientPort = portOf(wholeNumber(this.get('REMOTE_PORT')));
    if (!clientAddress || clientPort === 0) return undefined;
    const serverAddress = this.get('SERVER_ADDR');
    return { clientAddress, clientPort, serverAddress, serverPort: portOf(wholeNumber(this.get('SERVER_PORT'))) };
  }
}

/** Digits only, as nginx's ngx_atoof; `undefined` for anything else, and beyond what a number holds exactly. */
export function wholeNumber(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** 0 for what is no port. */
export function portOf(value: number | undefined): number {
  return value !== undefined && value <= MAX_PORT ? value : 0;
}
