import { matrixOf } from './matrixOf.mts';
import { ebayStreet } from './streetEbay.mts';

matrixOf(ebayStreet);
