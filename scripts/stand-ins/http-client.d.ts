export const methods: readonly string[];
export const HttpClient: { prototype: Record<string, unknown> };
