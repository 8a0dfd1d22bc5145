// The last lines of `npm start`: what is there now, and what to press first.

/**
 * @param {object} scene
 * @param {string} scene.editorUrl
 * @param {{ email: string, password: string }} scene.owner
 * @param {Array<{ id?: string, name: string }>} scene.workflows
 * @param {string} [scene.sandboxUrl] nothing when EvoLink itself makes the videos
 * @param {Record<string, string[]>} scene.placeholders that nothing took the place of
 * @returns {string}
 */
export function closingLines({ editorUrl, owner, workflows, sandboxUrl, placeholders }) {
	const firstId = sandboxUrl ? 'talking-portrait' : 'image-to-video';
	const first = workflows.find(({ id }) => id === firstId) ?? workflows[0];
	const missing = Object.entries(placeholders).map(
		([address, names]) => `\n    ${address} (${names.join(', ')})`,
	);
	return `
  All ${workflows.length} examples are in n8n's Overview, with the EvoLink credential chosen:
    open '${first.name}', press Execute workflow, then View at the node's output.${sandboxUrl ? '' : ' EvoLink charges for each run.'}

  Editor:        ${editorUrl}/home/workflows
  Sign in with:  ${owner.email} / ${owner.password} (of this local n8n only)
${sandboxUrl ? `  Sandbox:       ${sandboxUrl}/ shows every task. Its videos are simple: pictures move, mouths do not\n` : ''}${
		missing.length > 0
			? `\n  These addresses stand for files of yours; put public ones in their place:${missing.join('')}\n`
			: ''
	}
  Workflows of your own are there again after the next npm start. Ctrl-C ends everything.
`;
}
