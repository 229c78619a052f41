/** A message that is to be sent once, and the options that say so. */

export const on = {
	validateOnly: false,
	preventDuplicates: true,
	duplicateKey: '',
	whenInDoubt: 'stop' as const,
	lookUpAfterLoss: true,
	allowContactData: false,
};
export const message = (...same: unknown[]) => ({
	marketplace: 'amazon' as const,
	whereToLook: 'Look',
	within: ['order-1'],
	same,
});
