// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift target shares.
let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Data-plane targets also opt in to strict memory safety: every unsafe use is spelled `unsafe`.
let dataPlane: [SwiftSetting] = common + [.strictMemorySafety()]

let package = Package(
    name: "cards",
    products: [
        .executable(name: "cards", targets: ["cards"]),
        // For `Benchmarks` and `Fuzzing`, packages of their own; nobody else is promised anything.
        .library(
            name: "CardsEngine",
            targets: [
                "CaseEvents", "Cards", "Clocks", "Columnar", "DelimitedText", "Exports", "Reports", "Rules",
                "SampleAuthority", "Settings", "Workbooks", "WorkingCalendar",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // Data plane: no Foundation, kernels over columns.
        .target(name: "CByteScan"),
        .target(name: "Columnar", dependencies: ["CByteScan"], swiftSettings: dataPlane),
        .target(name: "WorkingCalendar", swiftSettings: dataPlane),
        .target(name: "DelimitedText", dependencies: ["CByteScan", "Columnar"], swiftSettings: dataPlane),
        .target(name: "CaseEvents", dependencies: ["Columnar", "WorkingCalendar"], swiftSettings: dataPlane),
        .target(name: "Rules", dependencies: ["CaseEvents", "WorkingCalendar"], swiftSettings: dataPlane),
        .systemLibrary(name: "CExpat"),
        .systemLibrary(name: "CYajl"),
        .systemLibrary(name: "CXLSXWriter"),
        .systemLibrary(name: "CZip"),
        .target(name: "StructuredText", dependencies: ["CExpat", "CYajl"], swiftSettings: common),
        .target(
            name: "Workbooks", dependencies: ["CXLSXWriter", "CZip", "StructuredText", "WorkingCalendar"],
            swiftSettings: common),
        .target(
            name: "Exports",
            dependencies: [
                "CaseEvents", "Columnar", "DelimitedText", "StructuredText", "Workbooks", "WorkingCalendar",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: dataPlane),
        .target(
            name: "Clocks", dependencies: ["CaseEvents", "Columnar", "Rules", "WorkingCalendar"],
            swiftSettings: dataPlane),
        .target(
            name: "Cards",
            dependencies: ["CByteScan", "CaseEvents", "Clocks", "Columnar", "Rules", "WorkingCalendar"],
            swiftSettings: dataPlane),

        // Control plane.
        .target(
            name: "Settings",
            dependencies: [
                "CaseEvents", "DelimitedText", "Exports", "Rules", "WorkingCalendar",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: common),
        .target(name: "PublishedFigures", swiftSettings: common),
        .target(
            name: "SampleAuthority", dependencies: ["PublishedFigures", "WorkingCalendar"], swiftSettings: dataPlane),
        .target(name: "CFileSwap"),
        .target(name: "Charts", dependencies: ["WorkingCalendar"], swiftSettings: common),
        .target(
            name: "Reports",
            dependencies: [
                "CaseEvents", "Cards", "Charts", "Columnar", "Exports", "PublishedFigures", "Rules", "Workbooks",
                "WorkingCalendar",
                .product(name: "Mustache", package: "swift-mustache"),
            ], swiftSettings: common),
        .target(
            name: "Publishing",
            dependencies: [
                "CFileSwap", "Cards", "Columnar", "Exports", "Reports", "Workbooks", "WorkingCalendar",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: common),
        .target(
            name: "Returns",
            dependencies: [
                "Cards", "DelimitedText", "Exports", "Reports", "Workbooks", "WorkingCalendar",
                .product(name: "Crypto", package: "swift-crypto"),
            ], swiftSettings: common),
        .target(
            name: "Ledger",
            dependencies: [
                "CaseEvents", "Cards", "Columnar", "DelimitedText", "Exports", "WorkingCalendar",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: common),
        .target(
            name: "CardsCommands",
            dependencies: [
                "CaseEvents", "Cards", "Clocks", "Columnar", "DelimitedText", "Exports", "Ledger", "Publishing",
                "Reports",
                "Returns", "Rules",
                "SampleAuthority", "Settings", "WorkingCalendar",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: common),
        .target(name: "CMemory"),
        .executableTarget(name: "cards", dependencies: ["CMemory", "CardsCommands"], swiftSettings: common),

        // Tests.
        .target(
            name: "SlowTwin", dependencies: ["WorkingCalendar"], path: "Tests/SlowTwin",
            swiftSettings: common + [.unsafeFlags(["-O"])]),
        .target(
            name: "CardsTestSupport", dependencies: ["Reports"], path: "Tests/CardsTestSupport",
            swiftSettings: common + [.unsafeFlags(["-O"])]),
        .target(
            name: "ReportsTestSupport",
            dependencies: ["CaseEvents", "Cards", "Exports", "Rules", "WorkingCalendar"],
            path: "Tests/ReportsTests/Support", swiftSettings: common),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "CardsTestSupport", "ReportsTestSupport", "CaseEvents", "Cards", "Reports", "Rules", "WorkingCalendar",
            ], exclude: ["Support"], swiftSettings: common),
        .testTarget(
            name: "PublishingTests",
            dependencies: [
                "CardsTestSupport", "EngineTestSupport", "ReportsTestSupport", "CaseEvents", "Cards", "Exports",
                "Publishing", "Reports",
                "Rules", "WorkingCalendar",
            ], exclude: ["attack.py"], swiftSettings: common),
        .testTarget(
            name: "SettingsTests",
            dependencies: ["Settings", "CardsTestSupport", "CaseEvents", "Rules", "WorkingCalendar"],
            swiftSettings: common),
        .testTarget(
            name: "SampleAuthorityTests",
            dependencies: [
                "SampleAuthority", "CardsCommands", "Cards", "CaseEvents", "Exports", "PublishedFigures", "Rules",
                "Settings",
                "WorkingCalendar",
            ],
            swiftSettings: common),
        .testTarget(
            name: "CardsCommandsTests",
            dependencies: [
                "cards", "CardsCommands", "CardsTestSupport", "CaseEvents", "Cards", "Clocks", "DelimitedText",
                "Exports", "Reports",
                "Rules", "SampleAuthority", "Settings", "SlowTwin", "WorkingCalendar",
            ], swiftSettings: common),
        .testTarget(
            name: "TwinTests",
            dependencies: [
                "SlowTwin", "CardsCommands", "CardsTestSupport", "CaseEvents", "Cards", "Exports", "Reports", "Rules",
                "Settings", "WorkingCalendar",
            ], swiftSettings: common),
        .target(
            name: "EngineTestSupport",
            dependencies: [
                "CardsCommands", "CardsTestSupport", "CaseEvents", "Cards", "Exports", "Reports", "Rules",
                "SampleAuthority", "Settings", "WorkingCalendar",
            ], path: "Tests/ClocksTests/Support", swiftSettings: common),
        .testTarget(
            name: "WorkingCalendarTests",
            dependencies: ["CardsTestSupport", "DelimitedText", "EngineTestSupport", "Settings", "WorkingCalendar"],
            exclude: ["check_calendar.py"], swiftSettings: common),
        .testTarget(
            name: "ChartsTests", dependencies: ["CardsTestSupport", "Charts", "WorkingCalendar"], swiftSettings: common),
        .testTarget(
            name: "PagesTests",
            dependencies: ["CardsCommands", "CardsTestSupport", "EngineTestSupport", "Workbooks", "WorkingCalendar"],
            exclude: ["check_pages.py", "check_workbooks.py"], swiftSettings: common),
        .testTarget(
            name: "ReturnsTests",
            dependencies: [
                "Cards", "CardsCommands", "CardsTestSupport", "EngineTestSupport", "Reports", "Returns",
                "WorkingCalendar",
            ], exclude: ["send_back.py"], swiftSettings: common),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "cards", "CardsCommands", "CardsTestSupport", "EngineTestSupport", "Exports", "Ledger", "Publishing",
                "SampleAuthority", "WorkingCalendar", .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: common),
        .testTarget(name: "ColumnarTests", dependencies: ["Columnar"], swiftSettings: common),
        .testTarget(
            name: "DelimitedTextTests",
            dependencies: ["DelimitedText", "EngineTestSupport", "Exports", "WorkingCalendar"],
            swiftSettings: common),
        .testTarget(
            name: "ExportsTests",
            dependencies: [
                "CardsTestSupport", "Cards", "CaseEvents", "DelimitedText", "EngineTestSupport", "Exports", "Reports",
                "WorkingCalendar",
            ], exclude: ["count_rows.py"], swiftSettings: common),
        .testTarget(
            name: "FormatsTests",
            dependencies: [
                "CZip", "Cards", "CardsCommands", "CardsTestSupport", "CaseEvents", "DelimitedText",
                "EngineTestSupport", "Exports", "Reports", "Rules", "Settings", "StructuredText", "WorkingCalendar",
                .product(name: "GRDB", package: "GRDB.swift"),
            ], exclude: ["read_formats.py", "check_logs.py"], swiftSettings: common),
        .testTarget(
            name: "ClocksTests",
            dependencies: ["Cards", "CaseEvents", "EngineTestSupport", "Reports", "WorkingCalendar"],
            exclude: ["Support"],
            swiftSettings: common),
        .testTarget(
            name: "CardsTests",
            dependencies: [
                "Cards", "CaseEvents", "EngineTestSupport", "Reports", "Rules", "Settings", "WorkingCalendar",
            ], swiftSettings: common),
    ]
)
