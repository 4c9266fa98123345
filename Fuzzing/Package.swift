// swift-tools-version: 6.2
import PackageDescription

// A package of its own: everything in it is built with the fuzzer's instruments.
let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "cards", path: "..")],
    targets: [
        .executableTarget(
            name: "FuzzReaders",
            dependencies: [.product(name: "CardsEngine", package: "cards")],
            swiftSettings: [
                .enableUpcomingFeature("InternalImportsByDefault"), .treatAllWarnings(as: .error),
                .unsafeFlags(["-parse-as-library"]),
            ])
    ]
)
