const { addTypenameToDocument } = require('@apollo/client/utilities');

/**
 * Asks for `__typename` where Apollo Client's cache would, so that the text that is registered is the text that is
 * sent. A document transform for codegen.yml.
 */
exports.transform = ({ documents }) =>
  documents.map((file) => (file.document === undefined ? file : { ...file, document: addTypenameToDocument(file.document) }));
