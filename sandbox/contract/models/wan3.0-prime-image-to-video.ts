// Wan 3.0 prime, image: the page of 3.0 with another name and another price.

import type { ModelContract } from '../model';
import { prime } from './wan30';
import { wan30ImageToVideo } from './wan3.0-image-to-video';

export const wan30PrimeImageToVideo: ModelContract = prime(wan30ImageToVideo);
