import { matrixOf } from './matrixOf.mts';
import { amazonStreet } from './streetAmazon.mts';

matrixOf(amazonStreet);
