<?php
$metadata[getenv('IDP_URL') . '/metadata'] = [
    'host' => '__DEFAULT__',
    'privatekey' => 'idp.pem',
    'certificate' => 'idp.crt',
    'auth' => 'people',
];
