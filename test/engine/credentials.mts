import {
	ICredentialsHelper,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeTypeDescription,
	type INodeTypes,
} from 'n8n-workflow';

/** n8n's own credentials helper lives in its app; this one does what that one does with ours. */
export class Credentials extends ICredentialsHelper {
	constructor(
		private readonly types: ICredentialType[],
		/** What n8n would hold encrypted in its database. */
		private readonly store: Record<string, ICredentialDataDecryptedObject>,
	) {
		super();
	}

	private typeOf(name: string): ICredentialType {
		const type = this.types.find((one) => one.name === name);
		if (!type) throw new Error(`no such credential type: ${name}`);
		return type;
	}

	getParentTypes(name: string): string[] {
		return this.typeOf(name).extends ?? [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		name: string,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.typeOf(name);
		return typeof authenticate === 'function' ? await authenticate(credentials, request) : request;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		name: string,
		node: INode,
		expired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.typeOf(name);
		const kept = type.properties.find((one) => one.type === 'hidden' && one.typeOptions?.expirable);
		if (!kept || !type.preAuthentication) return undefined;
		const isTest = node.parameters.temp === '' && node.type === 'n8n-nodes-base.noOp';
		const isThere = credentials[kept.name] !== '' && credentials[kept.name] !== undefined;
		if (isThere && !expired && !isTest) return undefined;
		const output = await type.preAuthentication.call(helpers, credentials);
		if (output[kept.name] === undefined) return undefined;
		Object.assign(this.store[name]!, output);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	async getCredentials(): Promise<never> {
		throw new Error('the engine does not ask for this');
	}

	async getDecrypted(
		_data: unknown,
		_details: INodeCredentialsDetails,
		name: string,
		_mode?: unknown,
		_executeData?: unknown,
		raw?: boolean,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = structuredClone(this.store[name]!);
		if (raw) return stored;
		const { properties, extends: parents } = this.typeOf(name);
		const fields = properties.map((one) => [one.name, stored[one.name] ?? one.default]);
		// What is not a field of the type is lost on the way out of the database. A parent's fields are n8n's.
		return await resolved({ ...(parents ? stored : {}), ...Object.fromEntries(fields) });
	}

	async updateCredentials(
		_details: INodeCredentialsDetails,
		name: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		Object.assign(this.store[name]!, data);
	}

	async updateCredentialsOauthTokenData(
		_details: INodeCredentialsDetails,
		name: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		Object.assign(this.store[name]!, {
			oauthTokenData: structuredClone(data.oauthTokenData) as IDataObject,
		});
	}

	getCredentialsProperties(name: string) {
		return this.typeOf(name).properties;
	}
}

const HOST_NODE: INode = {
	id: 'credential',
	name: 'Credential',
	type: 'test.credential',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Defaults that are expressions over the credential itself (`$self`), as n8n resolves them. */
async function resolved(
	data: ICredentialDataDecryptedObject,
): Promise<ICredentialDataDecryptedObject> {
	const isExpression = (value: unknown) => typeof value === 'string' && value.startsWith('=');
	if (!Object.values(data).some(isExpression)) return data;
	const { oauthTokenData, ...fields } = data;
	const values = await evaluated(fields);
	return {
		...(structuredClone(values) as ICredentialDataDecryptedObject),
		...(oauthTokenData ? { oauthTokenData } : {}),
	};
}

/** The same fields have the same values, and a credential is asked for with every request. */
const known = new Map<string, unknown>();
const MOST_KNOWN = 50;

async function evaluated(fields: object): Promise<unknown> {
	const key = JSON.stringify(fields);
	if (known.has(key)) return known.get(key);
	if (known.size >= MOST_KNOWN) known.clear();
	const description = { properties: [] } as unknown as INodeTypeDescription;
	const nodeTypes = { getByNameAndVersion: () => ({ description }) } as unknown as INodeTypes;
	const workflow = new Workflow({ nodes: [HOST_NODE], connections: {}, active: false, nodeTypes });
	await workflow.expression.acquireIsolate();
	try {
		const values = workflow.expression.getComplexParameterValue(
			HOST_NODE,
			fields as INodeParameters,
			'internal',
			{},
			undefined,
			undefined,
			fields as INodeParameters,
		);
		known.set(key, values);
		return values;
	} finally {
		await workflow.expression.releaseIsolate();
	}
}
