/** Below this zoom the graph is drawn by one canvas. */
export const FAR = 0.35;
