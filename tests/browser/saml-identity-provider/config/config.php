<?php
// SimpleSAMLphp as an identity provider. IDP_URL is its address, IDP_FOLDER what it writes into.
$folder = getenv('IDP_FOLDER');
$config = [
    'baseurlpath' => getenv('IDP_URL') . '/',
    'certdir' => $folder,
    'loggingdir' => $folder,
    'datadir' => $folder,
    'tempdir' => $folder,
    'metadata.sources' => [['type' => 'flatfile', 'directory' => dirname(__DIR__) . '/metadata']],
    'secretsalt' => 'of-the-browser-test',
    'auth.adminpassword' => 'of-the-browser-test',
    'logging.handler' => 'file',
    'timezone' => 'UTC',
    'enable.saml20-idp' => true,
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'session.cookie.secure' => false,
    'session.phpsession.savepath' => $folder,
    'store.type' => 'phpsession',
];
