// n8n finds nodes and credentials through package.json; this file only gives `main` something to resolve to.
module.exports = {};
