import { accountResource } from '../../../shared/run/accountResource';
import { checkAccount } from './checks';

export const account = accountResource(
	'Tell whether login, store, scopes and clock are right',
	checkAccount,
);
