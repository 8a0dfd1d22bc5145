/** What people and language models call a quality, read as the one that EvoLink knows. */

const WORDS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^(480p?|sd|854x480|480x854)$/, '480p'],
	[/^(720p?|hd|hdready|1280x720|720x1280)$/, '720p'],
	[/^(1080p?|fullhd|fhd|1920x1080|1080x1920)$/, '1080p'],
];

/** E.g. `720p` for `720P`, `HD` or `1280 x 720`. What is none of these stays as it is, to be refused. */
export function qualityOf(value: unknown): unknown {
	if (typeof value !== 'string' && typeof value !== 'number') return value;
	const plain = String(value)
		.toLowerCase()
		.replace(/\u00d7/g, 'x')
		.replace(/[\s_-]+/g, '');
	return WORDS.find(([pattern]) => pattern.test(plain))?.[1] ?? value;
}
