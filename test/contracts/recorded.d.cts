export const recordedTests: string;
export const withoutDocument: string[];
