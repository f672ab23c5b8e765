import type { CauseFile, Judgement } from '../cause-file.ts';
import { processStory, unseenProcess, whoReset } from '../process-story.ts';
import { beginning, closeText, foreignRst } from '../story.ts';
import { HEAD_BUFFER, isHeadOpen, isPreamble, type Wire } from '../wire-facts.ts';
import { octets, packet } from '../words.ts';

export const resetInHeader: CauseFile = {
  cause: 'reset-in-header',
  section: 'No complete response header',
  title: 'The peer reset in the middle of the response header',
  meaning: 'The peer had sent a part of the response header when the connection was reset.',
  recognised: {
    packets: 'the beginning of a response, no blank line, then RST',
    kernel: 'recv() gives octets, then -104',
    log: 'recv() failed (104: Connection reset by peer) while reading response header from upstream, with octets received',
  },
  roots: ['the peer crashed while writing', 'a middlebox cut the connection'],
  remedies: ["Read the peer's log at that second: it had begun to answer."],
  elsewhere: { haproxy: '502 SH', envoy: '503 UC' },
  logAs: 'reset-before-response',
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { close } = wire;
  if (!close?.rst || !isHeadOpen(wire)) return undefined;
  const big = wire.responseOctets >= HEAD_BUFFER;
  const preamble = isPreamble(wire);
  const where = preamble ? 'before its response header, after' : 'in the middle of its response header, after';
  const story = processStory(wire);
  return {
    confidence: big || preamble ? 'likely' : 'certain',
    sentence: [`${whoReset(wire, story)} ${where} ${octets(wire.responseOctets)}.`, story?.sentence ?? '']
      .join(' ')
      .trim(),
    evidence: [...beginning(wire), ...(story?.evidence ?? []), packet(close, closeText(wire, close))],
    alternatives: [
      ...(big ? [{ cause: 'header-too-big', why: 'the header already filled a buffer of 4k' } as const] : []),
      ...(preamble
        ? [{ cause: 'reset-before-response', why: 'the octets set HTTP/2 up; none is of a response' } as const]
        : []),
    ],
    unseen: [...foreignRst(wire), ...unseenProcess(wire)],
  };
}
