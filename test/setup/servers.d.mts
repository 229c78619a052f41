export function binariesOf(): { redis?: string; postgres?: string };
export function servers(): Promise<void>;
