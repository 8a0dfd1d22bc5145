// Jest's loose matchers with a type, so that they can stand inside objects.

export const aNumber: unknown = expect.any(Number);
export const aText: unknown = expect.any(String);
export const aFlag: unknown = expect.any(Boolean);

/** A text that matches. */
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);
