/** Where we do not count what tshark counts, and why that is right. */
export const DIFFERENCES: Record<string, { readonly ours: string; readonly why: string }> = {};
