/**
 * What is installed is loaded once for all test files of a process, n8n above all: 2,000 modules that take
 * seconds. The package's own code and the tests are loaded anew for every file, as jest does, but compiled once:
 * loading a module is a call of its function.
 */
const { sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

const installed = `${sep}node_modules${sep}`;
/** Loads what is installed, and is never ended. */
let loader;
/** Source and function of each file that was compiled, by its path. */
const compiled = new Map();

class SharingRuntime extends Runtime {
	constructor(...args) {
		super(...args);
		loader ??= new Runtime(...args);
		const { executor } = this;
		const compile = executor.compile.bind(executor);
		executor.compile = (source, path) => {
			const before = compiled.get(path);
			if (before?.source === source) return before.run;
			const run = compile(source, path);
			compiled.set(path, { source, run });
			return run;
		};
	}

	requireModule(from, name, options, isActual) {
		return !options?.isInternalModule && this.isInstalled(from, name)
			? loader.requireModule(from, name, options, isActual)
			: super.requireModule(from, name, options, isActual);
	}

	isInstalled(from, name) {
		if (!name || name.startsWith('.') || this._resolution.isCoreModule(name)) return false;
		return this._resolution.resolveCjs(from, name).includes(installed);
	}
}

module.exports = { default: SharingRuntime, __esModule: true };
