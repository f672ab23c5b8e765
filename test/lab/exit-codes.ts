/** How the process inside the namespace tells the one outside what became of the run. */
export const CAPTURE_DROPPED = 9;
