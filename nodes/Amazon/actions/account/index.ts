import { accountResource } from '../../../shared/run/accountResource';
import { checkAccount } from './checks';

export const account = accountResource(
	'Tell whether login, roles, region and clock are right, and when the client secret ends',
	checkAccount,
);
