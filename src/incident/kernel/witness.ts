/** What the kernel witnessed, handed to those who make something of it: who did what for which request, and who died of what. */
import { assertNever } from '../../model/assert-never.ts';
import type { KernelEvent } from '../../model/kernel-event.ts';
import { KernelLinks } from './kernel-links.ts';
import { Processes } from './processes.ts';

export class Witness {
  readonly links = new KernelLinks();
  readonly processes = new Processes();

  witnessed(event: KernelEvent): void {
    switch (event.kind) {
      case 'witness':
        this.links.began();
        this.processes.began(event);
        break;
      case 'attempt-ended':
        this.links.ended(event);
        break;
      case 'answered':
        this.links.answered(event);
        break;
      case 'logged':
        this.links.logged(event);
        break;
      case 'peer-closed':
      case 'reset-sent':
        this.processes.closed(event);
        break;
      case 'exited':
      case 'signalled':
        this.processes.concerns(event);
        break;
      case 'not-accepting':
        this.processes.notAccepting(event);
        break;
      case 'oom-victim':
        this.processes.oomVictim(event);
        break;
      case 'listening':
      case 'dropped':
        this.processes.sockets.witnessed(event);
        break;
      default:
        assertNever(event);
    }
  }
}
