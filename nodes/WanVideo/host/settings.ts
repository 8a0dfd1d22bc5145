/** What the user set in the node, by which a retry knows an item again though its expressions give another text. */
import { type INode, type INodeProperties, NodeHelpers } from 'n8n-workflow';

import { fingerprint } from '../generation/fingerprint';

type Parameters = Readonly<Record<string, unknown>>;

/**
 * The parameters that the user set, before expressions: shown, and not equal to their default. So one that a
 * later release adds is none of them. Of a collection, every option that was added counts.
 */
export function settingsOf(
	node: Pick<INode, 'parameters' | 'typeVersion'>,
	properties: INodeProperties[],
): Record<string, unknown> {
	// A stored execution brings the node as another release left it: without the parameters it did not know.
	const all = NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, null);
	const set: Record<string, unknown> = {};
	for (const property of properties) {
		const { name } = property;
		const value: unknown = all?.[name];
		if (all === null || value === undefined || isSame(value, property.default)) continue;
		if (NodeHelpers.displayParameter(all, property, node, null)) set[name] = value;
	}
	return set;
}

/** The top-level parameters of 0.1.0. */
const NAMES_OF_010 = new Set(
	`toolDescription resource operation generationMode autoNotice firstFrameSource firstFrameUrl firstFrameBinaryField
	clipSource clipUrl clipBinaryField lastFrameSource lastFrameUrl lastFrameBinaryField drivingAudioSource drivingAudioUrl
	drivingAudioBinaryField prompt continuationNotice duration quality options download linkNotice outputBinaryField
	simplify submitNotice taskId binaryField`.split(/\s+/),
);

/** What 0.1.0 hashed: all parameters, with the defaults that n8n fills in, notices among them. */
export function settingsAs010(parameters: Parameters, set: Parameters): Parameters {
	return Object.fromEntries(
		Object.entries(parameters).filter(([name]) => NAMES_OF_010.has(name) || name in set),
	);
}

function isSame(value: unknown, other: unknown): boolean {
	return fingerprint(value) === fingerprint(other);
}
