// Wan 3.0 prime, text: the page of 3.0 with another name and another price.

import type { ModelContract } from '../model';
import { prime } from './wan30';
import { wan30TextToVideo } from './wan3.0-text-to-video';

export const wan30PrimeTextToVideo: ModelContract = prime(wan30TextToVideo);
