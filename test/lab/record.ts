export async function recordAll(_out: string, _only: readonly string[], _nginx: string): Promise<void> {
  throw new Error('not yet');
}
