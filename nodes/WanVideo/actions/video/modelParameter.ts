/** The choice of the model. Its default is the first one for ever: what was saved without a model is that one. */
import type { INodeProperties } from 'n8n-workflow';

import { MODELS } from '../../wan/models';
import { LABELS } from '../../wan/request';

export const modelParameter: INodeProperties = {
	displayName: LABELS.model,
	name: 'model',
	type: 'options',
	options: MODELS.map(({ id, label, summary }) => ({
		name: label,
		value: id,
		description: summary,
	})),
	default: 'wan2.7-image-to-video',
	description: 'What makes the video, and what it is made from',
};
