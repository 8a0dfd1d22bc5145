/** All options that any operation has, for their labels. */
import { requestOptions } from './video/settingParameters';
import { waitOptions } from './waitOptions';

export const OPTIONS = [...Object.values(waitOptions), ...Object.values(requestOptions)];
