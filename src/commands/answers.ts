/** What the terminal UI is asked for: what a cause means, the story of an incident, its evidence in files. */
import type { RecordSink } from '../model/source-record.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Mask } from '../sinks/secrets.ts';
import { Page } from '../sinks/text/page.ts';
import { writeStory } from '../sinks/text/story.ts';
import { explain } from '../verdict/explain.ts';
import { EVIDENCE_FOLDER, EvidenceSaver } from './evidence-saver.ts';

/** Columns of a story that is copied or saved. */
const STORY_WIDTH = 100;

export interface AnswerOptions {
  /** As the user named it. */
  readonly file: string;
  /** It can be read a second time; otherwise the newest frames are kept. */
  readonly again: boolean;
  readonly mask: Mask;
  readonly epoch: () => bigint;
  /** Where evidence goes. */
  readonly directory?: string;
}

export interface Answers {
  /** In lines of at most so many columns. */
  explain(cause: string, columns: number): readonly string[];
  story(verdict: Verdict): string;
  /** Says what was saved, and where. */
  save(verdict: Verdict): Promise<string>;
  /** What the pipeline is given, with the newest frames kept on the way. */
  before(pipeline: RecordSink): RecordSink;
}

export function answers(options: AnswerOptions): Answers {
  const { file, mask, epoch } = options;
  const story = (verdict: Verdict): string => {
    const page = new Page({ width: STORY_WIDTH, colour: false });
    writeStory(page, verdict, { file, epoch: epoch(), mask });
    return page.take();
  };
  const saver = new EvidenceSaver({ directory: EVIDENCE_FOLDER, ...options, story });
  return {
    explain: (cause, columns) => explain(cause, columns) ?? [],
    story,
    save: (verdict) => saver.save(verdict),
    before: (pipeline) => saver.before(pipeline),
  };
}
