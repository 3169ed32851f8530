<?php
// The people of the company.
$config = [
    'people' => [
        'exampleauth:UserPass',
        'hanako:anything' => ['email' => ['admin@example.jp']],
        'takahashi:anything' => ['email' => ['takahashi@example.jp']],
    ],
];
