export function fakePlugin(over: Readonly<Record<string, string>>): string;
