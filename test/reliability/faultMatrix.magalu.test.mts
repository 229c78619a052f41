import { matrixOf } from './matrixOf.mts';
import { magaluStreet } from './streetMagalu.mts';

matrixOf(magaluStreet);
