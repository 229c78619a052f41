import { accountResource } from '../../../shared/run/accountResource';
import { checkAccount } from './checks';

export const account = accountResource(
	'Tell whether login, scopes, site and clock are right, and how many calls are left',
	checkAccount,
);
