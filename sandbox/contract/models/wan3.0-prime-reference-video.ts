// Wan 3.0 prime, reference: the page of 3.0 with another name and another price.

import type { ModelContract } from '../model';
import { prime } from './wan30';
import { wan30ReferenceVideo } from './wan3.0-reference-video';

export const wan30PrimeReferenceVideo: ModelContract = prime(wan30ReferenceVideo);
